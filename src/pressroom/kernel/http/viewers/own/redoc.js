const viewer = document.getElementById("viewer");
Redoc.init(viewer.dataset.document, { nativeScrollbars: true }, viewer);
