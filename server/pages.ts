/** The built screens: files as they are, and the one page for every address of ours. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';

export const built = join(import.meta.dirname, '..', 'web', 'build');

export type Pages = { html: string; scriptHashes: string[] };

/** The page and the hashes that let its own inline script run and no other. Throws when it is not built. */
export async function readPages(folder = built): Promise<Pages> {
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch((cause: unknown) => {
    throw new Error('The screens are not built. Run "npm start", or "npm run build" first.', { cause });
  });
  const scripts = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const scriptHashes = scripts.map(
    ([, text]) =>
      `'sha256-${createHash('sha256')
        .update(text ?? '')
        .digest('base64')}'`,
  );
  return { html, scriptHashes };
}

/** Files with a content hash in their name are kept by browsers for ever; the page never. */
export function createPages({ html }: Pages, folder = built) {
  const root = relative(process.cwd(), folder);
  return new Hono()
    .use(
      '/_app/*',
      serveStatic({
        root,
        precompressed: true,
        onFound: (path, c) => {
          if (path.includes('/immutable/')) c.header('cache-control', 'public, max-age=31536000, immutable');
        },
      }),
    )
    .get('/_app/*', (c) => c.text('Not found', 404))
    .use('*', serveStatic({ root, precompressed: true, rewriteRequestPath: (path) => (path === '/' ? '/none' : path) }))
    .get('*', (c) => {
      c.header('cache-control', 'no-cache');
      return c.html(html);
    });
}
