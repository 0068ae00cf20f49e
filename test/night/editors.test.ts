/** [R39] A hundred people, then three hundred, typing in one case for minutes, at servers in processes of their own. */
import { inject, test } from 'vitest';
import { start } from '../bench/server-process.ts';
import { pin, startGenerator } from '../bench/machine.ts';
import { targets } from '../bench/targets.ts';
import { keep } from './summary.ts';

const shapes = [
  { people: 100, seconds: 300 },
  { people: 300, seconds: 120 },
];
const measured = targets.filter(
  ({ name, database }) =>
    name === 'ours-pglite' || (name === 'ours-postgres' && database === 'postgres' && inject('postgres')),
);

test.each(measured.flatMap((target) => shapes.map((shape) => ({ target, ...shape }))))(
  '[R39] $people people typing three keys a second in one case, $target.name',
  ({ target, people, seconds: full }) =>
    keep(
      `R39 seconds in which ${people} people typed 3 keys a second in one case, ${target.name}`,
      full,
      async (seconds) => {
        const server = await start(target, inject('postgres'));
        const generator = startGenerator(pin());
        try {
          const answer = await generator.carryOut({
            do: 'workload',
            at: server.at(),
            workload: { name: 'editors', needs: 'anything', is: 'typing', rooms: 1, people, keysPerSecond: 3, seconds },
            trace: null,
          });
          if ('failed' in answer) return { done: 0, came: answer.failed, good: false };
          const figures = Object.entries(answer.figures).map(
            ([name, value]) => `${name} ${Number(value.toPrecision(3))}`,
          );
          // Figures of a machine, to be read: what is judged is that all of them could be taken.
          const good = Object.values(answer.figures).every(Number.isFinite);
          return { done: seconds, came: figures.join('; '), good };
        } finally {
          generator.stop();
          await server.stop();
        }
      },
    ),
);
