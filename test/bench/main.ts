/**
 * Measures our service beside the floors, Hocuspocus and the y-websocket reference server, in one
 * run on one machine: `npm run bench [-- --quick] [--long] [--trace file.json.gz] [workload or server ...]`.
 * Ends within a quarter of an hour: everything once, what takes long to set up last of it, then
 * repetitions while there is time; what there was no time for is said. With `--long` all of it,
 * without regard to time. What fails is said, and the rest goes on.
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
    long: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    repetitions: { type: 'string' },
  },
});
const quick = values.quick;
const trace = values.trace ?? null;
const repetitions = Number(values.repetitions ?? (quick ? 1 : 5));
/** When nothing further is begun, in milliseconds from the start. */
const until = Number(values.minutes ?? 12.5) * 60_000;
const isLate = () => !values.long && performance.now() > until;
/** Milliseconds one measurement may take, and where much is set up first. */
const patience = 120_000;
const longPatience = 900_000;
const results = join(import.meta.dirname, 'results');

const named = positionals.filter((each) => targets.some(({ name }) => name === each));
const wanted = positionals.filter((each) => !named.includes(each));
const plan = workloads(quick)
  .filter(({ name }) => wanted.length === 0 || wanted.some((each) => name.startsWith(each)))
  .sort((a, b) => Number(a.long ?? false) - Number(b.long ?? false));
if (plan.length === 0) {
  throw new Error(
    `No such workload. There are: ${workloads(false)
      .map(({ name }) => name)
      .join(', ')}`,
  );
}

/** Not measured. */
const warmUp: Workload = {
  name: 'warm-up',
  needs: 'anything',
  is: 'fan-out',
  rooms: 10,
  people: 4,
  seconds: quick ? 1 : 3,
};

const machine = pin();
let generator = startGenerator(machine);
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
  for (const server of running.values()) await warm(server);
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    const turn = plan.filter((workload) => repetition === 1 || isRepeated(workload));
    for (const workload of turn) {
      if (!isLate() || (repetition === 1 && !workload.long)) await onEach(workload, repetition);
      else if (repetition === 1) run.leftOut.push(`${workload.name}, for want of time.`);
    }
    await keep();
    if (performance.now() > until) break;
  }
} finally {
  generator.stop();
  for (const each of running.values()) await each.stop();
  await postgres?.stop();
}
console.log(`\n${report(run)}`);

/**
 * Writes what is known so far: a run that is cut short has its whole repetitions. A part, or a quick
 * look, is only printed, unless `--keep` is given; then a part has files of its own.
 */
async function keep(): Promise<void> {
  run.loadAfter = loadavg();
  if (!values.keep && (quick || positionals.length > 0)) return;
  const day = run.at.slice(0, 10);
  const part = (wanted.length > 0 ? wanted : named).join('-');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${[day, part].filter(Boolean).join('-')}.json`), `${JSON.stringify(run, null, 2)}\n`);
  await writeFile(join(results, `${part || 'latest'}.md`), report(run));
}

async function onEach(workload: Workload, repetition: number): Promise<void> {
  for (const target of measured) {
    if (workload.needs === 'documents' && !target.understands) continue;
    // What the guard costs shows where much is written.
    if (target.long && !values.long && named.length === 0 && workload.is !== 'fan-out') continue;
    if (isLate() && workload.long) {
      run.leftOut.push(`${workload.name} of ${target.name}, for want of time.`);
      continue;
    }
    const server = running.get(target);
    if (!server) continue;
    const figures = await tryToMeasure(server, workload);
    if (typeof figures === 'string') {
      run.leftOut.push(`${workload.name} of ${target.name}, which failed: ${figures.split('\n')[0]}`);
      console.log(`${repetition} ${workload.name} ${target.name}: failed: ${figures}`);
      await beginAnew(server);
      continue;
    }
    const result: Result = { workload: workload.name, target: target.name, repetition, figures };
    run.results.push(result);
    if (workload.is === 'memory') await warm(server);
    console.log(`${repetition} ${workload.name} ${target.name}: ${JSON.stringify(figures)}`);
  }
}

/** The figures, or why there are none: whatever goes wrong with one measurement is no reason not to make the others. */
async function tryToMeasure(server: Running, workload: Workload): Promise<Result['figures'] | string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const left = Math.max(patience, until - performance.now());
  const within = workload.long ? (values.long ? longPatience : Math.min(longPatience, left)) : patience;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it took longer than ${within / 1000} s`), within);
  });
  try {
    // What a process has grown to before would hide what a note costs.
    if (['memory', 'growth', 'idle'].includes(workload.is)) await server.restart();
    if (workload.is === 'growth' || workload.is === 'idle') await warm(server);
    return await Promise.race([measure(generator, server, workload), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** A process that has just started is slow at everything: what is measured first would pay for all. */
async function warm(server: Running): Promise<void> {
  await measure(generator, server, warmUp);
}

/** What failed may have left sockets open, or a process that no longer answers. */
async function beginAnew(server: Running): Promise<void> {
  generator.stop();
  generator = startGenerator(machine);
  await server.restart();
}

async function measure(by: Generator, server: Running, workload: Workload): Promise<Result['figures'] | string> {
  const answer = await by.carryOut({ do: 'workload', at: server.at(), workload, trace });
  if ('failed' in answer) return answer.failed;
  if (!answer.rooms) return answer.figures;
  await server.restart();
  const again = await by.carryOut({ do: 'load-again', at: server.at(), rooms: answer.rooms });
  return 'failed' in again ? again.failed : { ...answer.figures, ...again.figures };
}
