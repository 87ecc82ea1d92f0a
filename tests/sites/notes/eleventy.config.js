export default function (config) {
  config.addCollection('notes', (api) => api.getFilteredByGlob('posts/*.md'));
}
