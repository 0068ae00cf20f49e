/** The service's readable text of notes, block by block, and a comment about one of them. Pure. */
import { longestQuote, type Anchor } from '#schema/comment.ts';
import { shortText } from '#schema/fields.ts';

export type TextBlock = { isHeading: boolean; words: string; /** The heading it stands under. */ section: string };

/** A heading is marked with number signs; an empty line parts blocks. */
export function blocksOf(text: string): TextBlock[] {
  let section = '';
  return text.split('\n\n').map((block) => {
    const isHeading = /^#+ /.test(block);
    const words = block.replace(/^#+ /, '');
    if (isHeading) section = words;
    return { isHeading, words, section };
  });
}

/**
 * By its words alone: no copy of the notes is here to say where they stand. Whoever has one finds
 * them by the same words, without the signs that the text has before list items and between cells.
 */
export function aboutBlock({ words, section }: TextBlock): Anchor {
  const lines = words.split('\n').map((line) => line.replace(/^\s*(?:[->]|\d+\.) /, ''));
  const quote = lines.join('\n').replaceAll(' | ', '\n');
  return {
    start: '',
    end: '',
    quote: [...quote].slice(0, longestQuote).join(''),
    section: [...section].slice(0, shortText).join(''),
  };
}
