/** How the screens are built and, while developing, served beside the service. */
import { join } from 'node:path';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import config from '../svelte.config.js';

const top = join(import.meta.dirname, '..');
/** Where the service listens while `server/dev.ts` serves the screens through Vite. */
const service = process.env.CANDOUR_API ?? 'http://127.0.0.1:3001';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [sveltekit(config)],
  css: {
    preprocessorOptions: {
      // GOV.UK and MoJ Frontend are loaded by their path under node_modules, as MoJ Frontend itself does.
      scss: { loadPaths: [top], quietDeps: true },
    },
    // GOV.UK Frontend keeps declarations for browsers that read CSS no other way.
    lightningcss: { errorRecovery: true },
  },
  server: {
    proxy: {
      '/api': service,
      '/rooms': { target: service, ws: true },
    },
  },
});
