/** Words on a page that change under their reader: only what differs is put in, so that a selection stays at its words. */
import type { Attachment } from 'svelte/attachments';

/** Keeps these words as the only text of an element. */
export function written(words: string): Attachment {
  return (element) => {
    const text = element.firstChild;
    if (text instanceof Text) change(text, words);
    else element.append(words);
  };
}

/** The browser moves selections along with what is put in or taken out, and drops those in a text that is replaced whole. */
function change(text: Text, words: string): void {
  const before = text.data;
  const most = Math.min(before.length, words.length);
  let [start, end] = [0, 0];
  while (start < most && before[start] === words[start]) start += 1;
  while (end < most - start && before.at(-1 - end) === words.at(-1 - end)) end += 1;
  if (start < before.length || start < words.length) {
    text.replaceData(start, before.length - start - end, words.slice(start, words.length - end));
  }
}
