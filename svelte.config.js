/** The one place for SvelteKit's options; web/vite.config.ts hands them to the plugin. */
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';

const build = join(import.meta.dirname, 'web', 'build');

/**
 * A client without a server of its own: every address is answered with one page, and the service
 * answers /api and /rooms. `files` are relative to web/, where Vite's root is.
 *
 * @type {import('@sveltejs/kit/vite').Config}
 */
export default {
  adapter: adapter({ pages: build, assets: build, fallback: 'index.html', precompress: true }),
  compilerOptions: { runes: true },
  files: { src: '.', assets: 'static', routes: 'routes', appTemplate: 'app.html' },
};
