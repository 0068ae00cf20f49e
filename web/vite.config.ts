/** How the screens are built and, while developing, served beside the service. */
import { join } from 'node:path';
import { sveltekit } from '@sveltejs/kit/vite';
import { createLogger, defineConfig } from 'vite';
import config from '../svelte.config.js';
import { codeSplitting } from './chunks.ts';

const top = join(import.meta.dirname, '..');
/** Where the service listens while `server/dev.ts` serves the screens through Vite. */
const service = process.env.CANDOUR_API ?? 'http://127.0.0.1:3001';

/**
 * What the frameworks' own styles make the tools say at every build, about rules we do not use: an
 * image of MoJ's timeline, a hack for browsers long gone. Anything else is still said.
 */
const aboutFrameworks = [/images\/icon-document\.svg/, /Invalid media query[\s\S]+govuk-service-navigation/];
const customLogger = createLogger();
const { warn, warnOnce } = customLogger;
const isOurs = (message: string) => !aboutFrameworks.some((known) => known.test(message));
customLogger.warn = (message, options) => isOurs(message) && warn(message, options);
customLogger.warnOnce = (message, options) => isOurs(message) && warnOnce(message, options);

/** MoJ Frontend 11 uses a mixin that GOV.UK Frontend 6 warns of, and fixes the setting that would hush it. */
function sassWarning(message: string): void {
  if (!message.includes('govuk-text-colour')) console.warn(message);
}

export default defineConfig({
  customLogger,
  root: import.meta.dirname,
  plugins: [sveltekit(config)],
  css: {
    preprocessorOptions: {
      // GOV.UK and MoJ Frontend are loaded by their path under node_modules, as MoJ Frontend itself does.
      scss: { loadPaths: [top], quietDeps: true, logger: { warn: sassWarning } },
    },
    // GOV.UK Frontend keeps declarations for browsers that read CSS no other way.
    lightningcss: { errorRecovery: true },
  },
  // Says after every build which plugin took longest: of use only to whoever asks.
  build: { rolldownOptions: { checks: { pluginTimings: false } } },
  environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } },
  server: {
    proxy: {
      '/api': service,
      '/rooms': { target: service, ws: true },
    },
  },
});
