/**
 * Which files the built screens come in. Left to itself the bundler makes a file of every few modules that
 * the same screens share, and a screen of a case asks for well over a hundred. Here what every screen loads is
 * one file, what six or more screens of a case share and no other screen has is another, and what a case
 * shares with other screens comes by which of them. Few files, and hardly anything that is not used.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Rolldown } from 'vite';

type Graph = Parameters<Rolldown.CodeSplittingNameFunction>[1];

const routes = join(import.meta.dirname, 'routes');
const ofEveryScreen = screens('+{layout,error}.{svelte,ts}');
const ofACase = screens('cases/[[]ref]/**/+*.{svelte,ts}');
const outsideCases = screens('**/+{page,layout}.{svelte,ts}').filter((screen) => !ofACase.includes(screen));

/**
 * Where the page begins. It is told the version of the screens and only then loads the rest, whose modules read
 * that as they are evaluated: in one file with them it would be told too late, and a page not found would take
 * the screens for older than the service and load itself again, for ever.
 */
const beginning = join(import.meta.dirname, '..', 'node_modules/@sveltejs/kit/src/runtime/client/entry.js');

type Chunk = 'begin' | 'screen' | 'shared' | 'case';

let chunks: Map<string, Chunk> | undefined;

/**
 * The option of Rolldown's output. A group brings what its modules import, unless one before it has that
 * already: each is closed under imports but for those before it, so no file waits for one that waits for it.
 */
export const codeSplitting: Rolldown.CodeSplittingOptions = {
  groups: [
    { name: onlyIn('begin'), priority: 4 },
    { name: onlyIn('screen'), priority: 3 },
    { name: onlyIn('shared'), priority: 2, entriesAware: true },
    { name: onlyIn('case'), priority: 1, minShareCount: 6 },
  ],
};

function onlyIn(chunk: Chunk) {
  return (module: string, graph: Graph) => {
    chunks ??= chunksOf(graph);
    return chunks.get(module) === chunk ? chunk : null;
  };
}

function chunksOf(graph: Graph): Map<string, Chunk> {
  const outside = imported(outsideCases, graph);
  const found = new Map<string, Chunk>();
  for (const module of imported(ofACase, graph)) found.set(module, outside.has(module) ? 'shared' : 'case');
  for (const module of imported(ofEveryScreen, graph)) found.set(module, 'screen');
  for (const module of imported([beginning], graph)) if (module !== beginning) found.set(module, 'begin');
  return found;
}

/** These modules and all that they import, at once or by way of others; not what they import when it is asked for. */
function imported(roots: string[], graph: Graph): Set<string> {
  const found = new Set(roots);
  for (const module of found) for (const each of graph.getModuleInfo(module)?.importedIds ?? []) found.add(each);
  return found;
}

function screens(pattern: string): string[] {
  return globSync(pattern, { cwd: routes }).map((screen) => join(routes, screen));
}
