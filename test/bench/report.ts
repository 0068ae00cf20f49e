/** The figures as tables: medians of the repetitions, ratios against the floors and Hocuspocus of the same run. */
import type { Figures } from './load/job.ts';
import { onTheirWay } from './load/fan-out.ts';
import { median } from './load/quantile.ts';
import type { Machine } from './machine.ts';
import type { TargetName } from './targets.ts';

export type Result = { workload: string; target: TargetName; repetition: number; figures: Figures };
export type Run = {
  at: string;
  quick: boolean;
  machine: Machine;
  loadAfter: number[];
  trace: 'given' | 'made up';
  leftOut: string[];
  results: Result[];
};

/** What is divided by what: absolute figures are this machine's, ratios travel. */
const ratios: readonly (readonly [TargetName, TargetName])[] = [
  ['ours-postgres', 'floor-send'],
  ['ours-postgres', 'floor-tick'],
  ['ours-postgres', 'hocuspocus'],
  ['ours-postgres', 'y-websocket'],
  // What the guard costs.
  ['ours-postgres', 'ours-unguarded'],
  ['ours-pglite', 'floor-tick'],
  ['ours-pglite', 'hocuspocus'],
];

export function report(run: Run): string {
  const { machine } = run;
  const rounded = (load: readonly number[]) => load.map((each) => each.toFixed(1)).join(' ');
  const head = [
    `# Benchmark, ${run.at.slice(0, 10)}`,
    '',
    `${machine.processor}, ${machine.cores} cores, node ${machine.node.slice(1)}. ${
      machine.pinned
        ? 'Each server and its database on core 0, the load on core 1.'
        : 'Nothing is pinned to a core: the load and the servers disturb each other.'
    } Load average ${rounded(machine.load)} before and ${rounded(run.loadAfter)} after${run.quick ? '; a quick run' : ''}.`,
    `Medians of ${Math.max(1, ...run.results.map(({ repetition }) => repetition))} interleaved repetitions, where there was time, of fan-out and typing; the others once. A delivery counts where it reaches somebody other than its writer. CPU is the server's and its database's. The trace of the first load is ${run.trace}.`,
    `In fan-out everyone types as fast as the others hear, ${onTheirWay} updates of each typist on their way, or as many as the name says: a server that joins all that waits into one write gains by it. Ours sends a change on once it is stored: where few are on their way, each commit carries few, and costs as much. In typing every server is offered the same keys at the same pace.`,
    'Hocuspocus stores two seconds after typing stops and ten at the latest: much of its storing falls outside what is measured, and its acknowledgement says that an update is applied, not that it is stored. Ours says that it is stored. The y-websocket server answers a first load after a restart before it has read its store: a few bytes are an empty note.',
    ...run.leftOut.map((each) => `Left out: ${each}`),
  ];
  const workloads = [...new Set(run.results.map(({ workload }) => workload))];
  return `${[...head, ...workloads.flatMap((workload) => ['', `## ${workload}`, '', ...table(run, workload)])].join('\n')}\n`;
}

/** One workload: a row for each server, a column for each figure; and the same figures as ratios. */
function table({ results }: Run, workload: string): string[] {
  const here = results.filter((each) => each.workload === workload);
  const targets = [...new Set(here.map(({ target }) => target))];
  const names = [...new Set(here.flatMap(({ figures }) => Object.keys(figures)))];
  const of = (target: TargetName, name: string): number =>
    median(here.filter((each) => each.target === target).flatMap(({ figures }) => figures[name] ?? []));
  const rows = targets.map((target) => [target, ...names.map((name) => number(of(target, name)))]);
  const divided = ratios.filter((pair) => pair.every((target) => targets.includes(target)));
  const asRatios = divided.map(([ours, other]) => [
    `${ours} ÷ ${other}`,
    ...names.map((name) => number(of(ours, name) / of(other, name))),
  ]);
  const figures = lines([['', ...names], ...rows]);
  return asRatios.length === 0 ? figures : [...figures, '', ...lines([['ratio', ...names], ...asRatios])];
}

export function lines([head, ...rows]: string[][]): string[] {
  const all = [head ?? [], ...rows];
  const widths = (head ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0), 3));
  const line = (row: string[]) =>
    `| ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head ?? []), rule, ...rows.map(line)];
}

/** Three figures that count; nothing where nothing was measured. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)));
}
