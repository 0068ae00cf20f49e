/** What checking a record found, in words, and what to do about it. Pure. */
import { inWords } from '#schema/in-words.ts';
import type { Verdict } from '#schema/ledger.ts';
import type { Signatures } from '#schema/signing.ts';
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

/** `contact` is whom to tell, as the footer names them; `signatures` the entries that bear one, by whether it fits. */
export function sayVerdict(
  verdict: Verdict,
  contact: string,
  signatures: Signatures = { fitting: [], wrong: [], unchecked: [] },
): Finding {
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
  const [wrong] = signatures.wrong;
  if (wrong !== undefined) {
    return {
      whole: false,
      heading: `The signature of entry ${wrong} does not fit`,
      sentences: [
        `Entry ${wrong} bears a signature that was not made of these words, here, by the passkey it names. The entries are bound to each other as they should be.`,
        `Do not rely on who entry ${wrong} says it is by. Ask them, by telephone, what they recorded.`,
        `Print this page now, and tell ${contact}.`,
      ],
    };
  }
  const entries = verdict.entries === 1 ? '1 entry' : `${verdict.entries} entries, each bound to the one before`;
  return {
    whole: true,
    heading: 'This record is whole',
    sentences: [
      `This record is whole: ${entries}.`,
      ...(signatures.fitting.length === 0 ? [] : [saySigned(signatures.fitting)]),
      ...(signatures.unchecked.length === 0 ? [] : [sayUnchecked(signatures.unchecked)]),
      ...(verdict.withheld === 0 ? [] : [sayWithheld(verdict.withheld)]),
      `The last entry's fingerprint is ${inFours(verdict.head)}. If another agency sees the same one, you both have the same record.`,
    ],
  };
}

function saySigned(seqs: readonly number[]): string {
  const of = inWords(seqs.map(String));
  return seqs.length === 1
    ? `The signature of entry ${of} was worked out again, and fits its words and the passkey it names.`
    : `The signatures of entries ${of} were worked out again, and each fits its words and the passkey it names.`;
}

function sayUnchecked(seqs: readonly number[]): string {
  const of = inWords(seqs.map(String));
  const which = seqs.length === 1 ? `The signature of entry ${of}` : `The signatures of entries ${of}`;
  return `${which} could not be worked out again in this browser, at this address. To check, open the service at an address that begins with https, in a browser that is up to date.`;
}

function sayWithheld(withheld: number): string {
  return withheld === 1
    ? 'The words of 1 entry are withheld from you until positions open. Its fingerprint was checked; its words were not.'
    : `The words of ${withheld} entries are withheld from you until positions open. Their fingerprints were checked; their words were not.`;
}
