/** The borders: who may import whom. Reads every import and says in plain words what was crossed and why it matters. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path/posix';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const top = join(import.meta.dirname, '..');

// What is imported.

/** One import: `target` is a path from the top ("server/app.ts"), a package's name ("yjs"), or a module of node or SvelteKit. */
type Import = { from: string; line: number; target: string; isPackage: boolean; names: string[]; typeOnly: boolean };
type Source = { path: string; text: string };

function importsOf({ path, text }: Source): Import[] {
  return scripts(path, text).flatMap(({ code, linesBefore }) => {
    const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
    const found: Import[] = [];
    const add = (specifier: ts.Node | undefined, names: string[], typeOnly: boolean) => {
      if (!specifier || !ts.isStringLiteralLike(specifier)) return;
      const line = linesBefore + file.getLineAndCharacterOfPosition(specifier.getStart()).line + 1;
      found.push({ from: path, line, ...targetOf(path, specifier.text), names, typeOnly });
    };
    const look = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, ...whatIsTaken(node.importClause));
      else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, [], node.isTypeOnly);
      else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
        add(node.argument.literal, node.qualifier ? [node.qualifier.getText()] : [], true);
      } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        add(node.arguments[0], [], false);
      }
      ts.forEachChild(node, look);
    };
    look(file);
    return found;
  });
}

/** The names an import takes, and whether all of them are types, which leave nothing in what runs. */
function whatIsTaken(clause: ts.ImportClause | undefined): [names: string[], typeOnly: boolean] {
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const names = named.map(({ name, propertyName }) => (propertyName ?? name).text);
  const typesAlone = named.length > 0 && !clause?.name && named.every(({ isTypeOnly }) => isTypeOnly);
  if (clause?.name) names.push('default');
  if (bindings && ts.isNamespaceImport(bindings)) names.push('*');
  return [names, (clause?.isTypeOnly ?? false) || typesAlone];
}

/** A Svelte file's scripts, or a TypeScript file whole. */
function scripts(path: string, text: string): { code: string; linesBefore: number }[] {
  if (!path.endsWith('.svelte')) return [{ code: text, linesBefore: 0 }];
  return [...text.matchAll(/(<script[^>]*>)([\s\S]*?)<\/script>/g)].map(({ index, 1: tag = '', 2: code = '' }) => ({
    code,
    linesBefore: text.slice(0, index + tag.length).split('\n').length - 1,
  }));
}

const shortcuts: Record<string, string> = {
  '#schema': 'schema',
  '#server': 'server',
  '#lib': 'web/lib',
  $lib: 'web/lib',
};

function targetOf(path: string, specifier: string): Pick<Import, 'target' | 'isPackage'> {
  if (specifier.startsWith('.')) return { target: join(dirname(path), specifier), isPackage: false };
  const [head = '', ...rest] = specifier.split('/');
  const folder = shortcuts[head];
  if (folder) return { target: join(folder, ...rest), isPackage: false };
  if (specifier.startsWith('node:') || specifier.startsWith('$')) return { target: specifier, isPackage: false };
  return { target: head.startsWith('@') ? `${head}/${rest[0]}` : head, isPackage: true };
}

// What may be imported.

const within = (path: string, ...folders: string[]) =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

type Border = { crossed: (each: Import) => boolean; because: string };

const borders: Border[] = [
  {
    crossed: ({ from, target }) => within(target, 'test') && !within(from, 'test'),
    because: 'Nothing imports test: what proves the product is no part of it.',
  },
  {
    crossed: ({ from, target }) => within(from, 'schema') && within(target, 'server', 'web'),
    because: 'The schema says what things are and may become; it must not know the server or the screens that use it.',
  },
  {
    crossed: ({ from, target }) =>
      within(from, 'schema') && !within(from, 'schema/tables') && within(target, 'schema/tables'),
    because: 'Tables are how the server stores things; the schema is also folded in the browser, which has no tables.',
  },
  {
    crossed: ({ from, target }) =>
      within(from, 'schema') &&
      !within(from, 'schema/tables') &&
      (target.startsWith('node:') || target.startsWith('$') || /^(drizzle|svelte|hono|@sveltejs)/.test(target)),
    because: 'The schema is pure: no files, clock, network, database or screen. Who, when and what are handed in.',
  },
  {
    crossed: ({ from, target, names, typeOnly }) =>
      within(from, 'web') &&
      within(target, 'server') &&
      !(from === 'web/lib/service.ts' && target === 'server/app.ts' && typeOnly && names.join() === 'App'),
    because:
      'Screens know the server by one type, App, in web/lib/service.ts: nothing of the server may reach a browser.',
  },
  {
    crossed: ({ from, target }) => within(from, 'web') && within(target, 'schema/tables'),
    because: 'Screens fold entries; they never see tables, which hold what a reader may not have.',
  },
  {
    crossed: ({ from, target }) => within(from, 'web/lib', 'web/routes') && target.startsWith('node:'),
    because: 'Screens run in a browser, which has no node modules.',
  },
  {
    crossed: ({ from, target }) => within(from, 'server') && within(target, 'web'),
    because: 'The server serves the built screens as files; it must run, and be tested, without their source.',
  },
  {
    crossed: ({ from, target }) => /^(lucia|@lucia-auth\/.*)$/.test(target) && from !== 'server/auth/sessions.ts',
    because: 'Lucia is no longer maintained: it stays behind server/auth/sessions.ts so that one file can replace it.',
  },
];

type Packages = { dependencies: string[]; devDependencies: string[] };
/** The one file of the server that runs only while developing, so may use a development tool. */
const developersOnly = ['server/dev.ts'];

function packageBorders({ dependencies, devDependencies }: Packages): Border[] {
  return [
    {
      crossed: ({ target, isPackage }) => isPackage && ![...dependencies, ...devDependencies].includes(target),
      because: 'It is not in package.json: it is there only because another package brought it, and may go with it.',
    },
    {
      crossed: ({ from, target, typeOnly }) =>
        within(from, 'server', 'schema') &&
        !developersOnly.includes(from) &&
        !typeOnly &&
        devDependencies.includes(target),
      because: 'It is a development dependency: a live service is installed without those and would not start.',
    },
  ];
}

/** Every crossing, said in words. */
function crossings(imports: readonly Import[], packages: Packages): string[] {
  const all = [...borders, ...packageBorders(packages)];
  return imports.flatMap((each) =>
    all
      .filter(({ crossed }) => crossed(each))
      .map(({ because }) => `${each.from}:${each.line} imports ${each.target}. ${because}`),
  );
}

// The files there are.

const parts = ['schema', 'server', 'web', 'test'] as const;
const generated = ['node_modules', 'build', 'migrations', 'data'];

function filesUnder(folder: string): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = relative(top, join(top, folder, entry.name))
      .split(sep)
      .join('/');
    if (entry.isDirectory())
      return generated.includes(entry.name) || entry.name.startsWith('.') ? [] : filesUnder(path);
    return /\.(ts|js|svelte)$/.test(entry.name) ? [path] : [];
  });
}
const configs = readdirSync(top).filter((name) => /\.(ts|js)$/.test(name));
const sources: Source[] = [...parts.flatMap(filesUnder), ...configs].map((path) => ({
  path,
  text: readFileSync(join(top, path), 'utf8'),
}));

const imports = sources.flatMap(importsOf);

const { dependencies, devDependencies } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as Record<
  keyof Packages,
  Record<string, string>
>;
const packages = { dependencies: Object.keys(dependencies), devDependencies: Object.keys(devDependencies) };

describe('the borders', () => {
  test('no import crosses one', () => {
    expect(crossings(imports, packages)).toEqual([]);
  });

  test('every part was read', () => {
    for (const part of parts) {
      expect(imports.filter(({ from }) => within(from, part)).length, part).toBeGreaterThan(10);
    }
  });

  test('every dependency is used by what runs', () => {
    const used = new Set(imports.filter(({ from }) => !within(from, 'test')).map(({ target }) => target));
    expect(packages.dependencies.filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('the check itself', () => {
  const known = {
    dependencies: ['yjs', 'zod', 'lucia', 'drizzle-orm', '@lucia-auth/adapter-drizzle'],
    devDependencies: ['vite', 'svelte'],
  };
  const sample = ([path = '', text = '', because = '']: string[]) => ({
    path,
    text,
    because,
    says: text.replace(/\s+/g, ' '),
  });
  const said = (path: string, text: string) => crossings(importsOf({ path, text }), known);

  test.each(
    [
      ['schema/case.ts', "import { db } from '../server/store.ts';", 'The schema says what things are'],
      ['schema/case.ts', "import type { Room } from '#lib/room.ts';", 'The schema says what things are'],
      ['schema/case.ts', "import { randomBytes } from 'node:crypto';", 'The schema is pure'],
      ['schema/case.ts', "import { sql } from 'drizzle-orm/sql';", 'The schema is pure'],
      ['schema/case.ts', "export * from './tables/index.ts';", 'Tables are how the server stores things'],
      ['web/lib/command.ts', "import type { App } from '../../server/app.ts';", 'Screens know the server by one type'],
      ['web/lib/service.ts', "import { App } from '#server/app.ts';", 'Screens know the server by one type'],
      ['web/lib/service.ts', "import type { Store } from '#server/store.ts';", 'Screens know the server by one type'],
      [
        'web/lib/service.ts',
        "import type { App, Config } from '#server/app.ts';",
        'Screens know the server by one type',
      ],
      [
        'web/routes/+page.svelte',
        '<p>\n</p><script lang="ts">\nimport { entry } from \'#schema/tables/index.ts\';\n</script>',
        'Screens fold entries',
      ],
      ['web/routes/+page.ts', "const { db } = await import('#schema/tables/index.ts');", 'Screens fold entries'],
      ['web/lib/file.ts', "import { readFile } from 'node:fs/promises';", 'Screens run in a browser'],
      ['server/app.ts', "import { words } from '../web/lib/words.ts';", 'The server serves the built screens'],
      ['server/app.ts', "import { given } from '../test/support/rules.ts';", 'Nothing imports test'],
      ['vitest.config.ts', "import { given } from './test/support/rules.ts';", 'Nothing imports test'],
      ['server/auth/sign-in.ts', "import { Lucia } from 'lucia';", 'Lucia is no longer maintained'],
      ['server/auth/sign-in.ts', "import { A } from '@lucia-auth/adapter-drizzle';", 'Lucia is no longer maintained'],
      ['server/app.ts', "import { createServer } from 'vite';", 'It is a development dependency'],
      ['server/app.ts', "import leftPad from 'left-pad';", 'It is not in package.json'],
      ['server/app.ts', "type Padded = import('@left/pad/deep').Padded;", 'It is not in package.json'],
    ].map(sample),
  )('$path may not: $says', ({ path, text, because }) => {
    const [crossing, ...more] = said(path, text);
    expect(crossing).toContain(`${path}:`);
    expect(crossing).toContain(because);
    expect(more).toEqual([]);
  });

  test.each(
    [
      ['web/lib/service.ts', "import type { App } from '../../server/app.ts';"],
      ['web/lib/service.ts', "import { type App } from '#server/app.ts';"],
      [
        'web/routes/+page.svelte',
        "<script>\nimport { page } from '$app/state';\nimport { fold } from '#schema/room.ts';\n</script>",
      ],
      [
        'schema/tables/index.ts',
        "import { pgTable } from 'drizzle-orm/pg-core';\nimport type { Actor } from '../actor.ts';",
      ],
      ['server/auth/sessions.ts', "import { Lucia } from 'lucia';\nimport { eq } from 'drizzle-orm';"],
      ['server/dev.ts', "import { createServer } from 'vite';"],
      [
        'server/app.ts',
        "import { z } from 'zod';\nimport { entry } from '#schema/tables/index.ts';\nimport 'node:fs';",
      ],
      [
        'test/rules/case.test.ts',
        "import { given } from '../support/rules.ts';\nimport { app } from '#server/app.ts';",
      ],
      ['server/app.ts', "// import { words } from '../web/lib/words.ts';\nconst text = \"import x from 'left-pad'\";"],
    ].map(sample),
  )('$path may: $says', ({ path, text }) => {
    expect(said(path, text)).toEqual([]);
  });

  test('it says the line', () => {
    const page =
      "<h1>Hello</h1>\n<script lang=\"ts\">\n  import a from 'zod';\n  import b from '../../server/app.ts';\n</script>";
    expect(said('web/routes/+page.svelte', page)).toEqual([
      expect.stringContaining('web/routes/+page.svelte:4 imports server/app.ts.'),
    ]);
  });
});
