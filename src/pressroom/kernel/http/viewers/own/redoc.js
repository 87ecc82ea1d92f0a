const viewer = document.getElementById("viewer");
Redoc.init(viewer.dataset.document, { hideDownloadButton: false, nativeScrollbars: true }, viewer);
