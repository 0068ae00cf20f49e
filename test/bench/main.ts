/**
 * Measures our service beside the floors, Hocuspocus and the y-websocket reference server, in one
 * run on one machine: `npm run bench [-- --quick] [--trace file.json.gz] [workload or server ...]`.
 * Only ratios within a run mean anything; nothing here passes or fails.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres-server.ts';
import { pin, startGenerator, type Generator } from './machine.ts';
import { report, type Result, type Run } from './report.ts';
import { start, type Running } from './server-process.ts';
import { targets, type Target } from './targets.ts';
import { isRepeated, workloads, type Workload } from './workloads.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    trace: { type: 'string' },
    keep: { type: 'boolean', default: false },
    repetitions: { type: 'string' },
  },
});
const quick = values.quick;
const trace = values.trace ?? null;
const repetitions = Number(values.repetitions ?? (quick ? 1 : 3));
const results = join(import.meta.dirname, 'results');

const named = positionals.filter((each) => targets.some(({ name }) => name === each));
const wanted = positionals.filter((each) => !named.includes(each));
const plan = workloads(quick).filter(({ name }) => wanted.length === 0 || wanted.some((each) => name.startsWith(each)));
if (plan.length === 0) {
  throw new Error(
    `No such workload. There are: ${workloads(false)
      .map(({ name }) => name)
      .join(', ')}`,
  );
}

const machine = pin();
const generator = startGenerator(machine);
const postgres = await startPostgres();
const run: Run = {
  at: new Date().toISOString(),
  quick,
  machine,
  loadAfter: [],
  trace: trace ? 'given' : 'made up',
  leftOut: postgres ? [] : ['everything on PostgreSQL, because there is none on this machine.'],
  results: [],
};
const measured = targets.filter(
  ({ name, database }) => (named.length === 0 || named.includes(name)) && (postgres || database !== 'postgres'),
);
const running = new Map<Target, Running>();
try {
  for (const target of measured) running.set(target, await start(target, postgres?.url ?? null));
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    for (const workload of plan) if (repetition === 1 || isRepeated(workload)) await onEach(workload, repetition);
    await keep();
  }
} finally {
  generator.stop();
  for (const each of running.values()) await each.stop();
  await postgres?.stop();
}
console.log(`\n${report(run)}`);

/** Writes what is known so far: a run that is cut short has its whole repetitions. A part or a quick look is only printed, unless `--keep` is given. */
async function keep(): Promise<void> {
  run.loadAfter = loadavg();
  if (!values.keep && (quick || positionals.length > 0)) return;
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${run.at.slice(0, 10)}.json`), `${JSON.stringify(run, null, 2)}\n`);
  await writeFile(join(results, 'latest.md'), report(run));
}

async function onEach(workload: Workload, repetition: number): Promise<void> {
  for (const target of measured) {
    if (workload.needs === 'documents' && !target.understands) continue;
    const server = running.get(target);
    if (!server) continue;
    // What a process has grown to before would hide what a note costs.
    if (workload.is === 'memory') await server.restart();
    const figures = await measure(generator, server, workload);
    if (typeof figures === 'string') {
      run.leftOut.push(`${workload.name} of ${target.name}, which failed: ${figures.split('\n')[0]}`);
      console.log(`${repetition} ${workload.name} ${target.name}: failed: ${figures}`);
      continue;
    }
    const result: Result = { workload: workload.name, target: target.name, repetition, figures };
    run.results.push(result);
    console.log(`${repetition} ${workload.name} ${target.name}: ${JSON.stringify(figures)}`);
  }
}

/** The figures, or why there are none. */
async function measure(by: Generator, server: Running, workload: Workload): Promise<Result['figures'] | string> {
  const answer = await by.carryOut({ do: 'workload', at: server.at(), workload, trace });
  if ('failed' in answer) return answer.failed;
  if (!answer.rooms) return answer.figures;
  await server.restart();
  const again = await by.carryOut({ do: 'load-again', at: server.at(), rooms: answer.rooms });
  return 'failed' in again ? again.failed : { ...answer.figures, ...again.figures };
}
