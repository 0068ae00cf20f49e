/** The table of a case's life as a picture: a mermaid state diagram. */
import { lives, newLife, stageLife, type Next, type Table } from './life.ts';

/** One diagram of each life that a case has, and of a stage of the resolution ladder, drawn from the table that decides. */
export function lifeDiagram(): string {
  return [
    'stateDiagram-v2',
    ...drawn('The case', 'case', lives.case, newLife.case),
    ...drawn('Beside it: handing it over', 'hand_over', lives.handOver, newLife.handOver),
    ...drawn('Each stage of resolution', 'resolution', stageLife, 'not-asked'),
    ...drawn('Once decided: a practice review', 'practice_review', lives.practiceReview, newLife.practiceReview),
    ...drawn('Once decided: learning', 'learning', lives.learning, newLife.learning),
  ].join('\n');
}

/** `begins` is where the life starts: drawn as the dot, as nothing leads back to it, or led to from the dot. */
function drawn(title: string, name: string, table: Table<string>, begins: string): string[] {
  const moves = Object.entries(table).flatMap(([type, row]) => movesOf(type, row.to));
  const isDot = moves.every(({ to }) => to !== begins);
  const place = (stage: string) => (isDot && stage === begins ? '[*]' : `${name}_${stage.replaceAll('-', '_')}`);
  const stages = [...new Set(moves.flatMap(({ from, to }) => [from, to]))].filter((stage) => place(stage) !== '[*]');
  const words = new Map<string, string[]>();
  for (const { from, to, says } of moves) {
    const line = `${place(from)} --> ${place(to)}`;
    words.set(line, [...(words.get(line) ?? []), says]);
  }
  return [
    `  state "${title}" as ${name} {`,
    ...stages.map((stage) => `    state "${stage.replaceAll('-', ' ')}" as ${place(stage)}`),
    ...(isDot ? [] : [`    [*] --> ${place(begins)}`]),
    ...[...words].map(([line, says]) => `    ${line} : ${says.join(', ')}`),
    '  }',
  ];
}

type Move = { from: string; to: string; says: string };

/** What moves: an entry that leads a stage to itself is no line in the picture. */
function movesOf(type: string, to: { readonly [From in string]?: Next<string> }): Move[] {
  return Object.entries(to).flatMap(([from, next = from]) => {
    if (typeof next === 'string') return next === from ? [] : [{ from, to: next, says: type }];
    return Object.entries(next).map(([outcome, stage]) => ({ from, to: stage, says: `${type} (${outcome})` }));
  });
}
