/** What checking a record found, in words, and what to do about it. Pure. */
import type { Verdict } from '#schema/ledger.ts';
import { inFours } from './tell.ts';

export type Finding = { whole: boolean; heading: string; sentences: string[] };

const whys: Record<Exclude<Verdict, { whole: true }>['why'], string> = {
  gap: 'is missing, or stands in the wrong place',
  chain: 'is not bound to the entry before it',
  hash: 'does not match its own fingerprint',
  commitment: 'holds other words than those that were bound into it',
  room: 'belongs to another record',
  time: 'carries an earlier time than the entry before it',
  head: 'is not the one this service gave out before',
};

/** `contact` is whom to tell, as the footer names them. */
export function sayVerdict(verdict: Verdict, contact: string): Finding {
  if (!verdict.whole) {
    return {
      whole: false,
      heading: `Entry ${verdict.seq} is wrong`,
      sentences: [
        `Entry ${verdict.seq} ${whys[verdict.why]}. The entries before it are as they were recorded.`,
        'Do not rely on this record from that entry on. Do not sign or record anything more on this case.',
        `Print this page now, and tell ${contact}. Compare it with what another agency has printed or sees on its screen.`,
      ],
    };
  }
  const entries = verdict.entries === 1 ? '1 entry' : `${verdict.entries} entries, each bound to the one before`;
  return {
    whole: true,
    heading: 'This record is whole',
    sentences: [
      `This record is whole: ${entries}.`,
      ...(verdict.withheld === 0 ? [] : [sayWithheld(verdict.withheld)]),
      `The last entry's fingerprint is ${inFours(verdict.head)}. If another agency sees the same one, you both have the same record.`,
    ],
  };
}

function sayWithheld(withheld: number): string {
  return withheld === 1
    ? 'The words of 1 entry are withheld from you until positions open. Its fingerprint was checked; its words were not.'
    : `The words of ${withheld} entries are withheld from you until positions open. Their fingerprints were checked; their words were not.`;
}
