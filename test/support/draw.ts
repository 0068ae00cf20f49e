/** Draws the life of a case into ARCHITECTURE.md: `npm run diagram`, after the table in schema/life.ts was changed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifeDiagram } from '#schema/life-diagram.ts';

const page = join(import.meta.dirname, '../../ARCHITECTURE.md');
const fence = /```mermaid\n[\s\S]*?```/;

/** The picture as it stands on the page. */
export function drawnOnThePage(): string {
  return fence.exec(readFileSync(page, 'utf8'))?.[0] ?? '';
}

/** The picture as the table has it now. */
export const drawnFromTheTable = (): string => `\`\`\`mermaid\n${lifeDiagram()}\n\`\`\``;

if (import.meta.main) {
  writeFileSync(page, readFileSync(page, 'utf8').replace(fence, drawnFromTheTable));
}
