/** A large change to the notes, such as a long paste or a day's work offline, cut into frames the server takes. */
import * as encoding from 'lib0/encoding';
import { ContentString, createID, decodeUpdate, Item, UpdateEncoderV1 } from 'yjs';

type Struct = ReturnType<typeof decodeUpdate>['structs'][number];
type Ranges = ReturnType<typeof decodeUpdate>['ds'];

/**
 * The same change as one or more updates of about `bytes` bytes or fewer, to be applied in order.
 * What was typed goes first and in the order it was typed in, so that each piece stands on the
 * ones before it: the server refuses a piece that leaves a gap. Deletions follow.
 */
export function inPieces(update: Uint8Array, bytes: number): Uint8Array[] {
  if (update.byteLength <= bytes) return [update];
  const { structs, ds } = decodeUpdate(update);
  return [...typedPieces(structs, bytes), ...deletedPieces(ds, bytes)];
}

function typedPieces(structs: readonly Struct[], bytes: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let piece: Struct[] = [];
  let size = 0;
  const close = () => {
    if (piece.length > 0) pieces.push(encodeTyped(piece));
    piece = [];
    size = 0;
  };
  for (const struct of structs.flatMap((each) => cut(each, bytes))) {
    const own = encodeTyped([struct]).byteLength;
    if (size + own > bytes || piece[0]?.id.client !== struct.id.client) close();
    piece.push(struct);
    size += own;
  }
  close();
  return pieces;
}

/** A run of characters too long for one piece, as several runs that follow one another. */
function cut(struct: Struct, bytes: number): Struct[] {
  if (!(struct instanceof Item && struct.content instanceof ContentString)) return [struct];
  const { id, origin, rightOrigin, parent, parentSub } = struct;
  const { str } = struct.content;
  // A UTF-16 code unit takes three bytes at most; the rest is room for what stands around the characters.
  const longest = Math.floor(bytes / 4);
  if (str.length <= longest) return [struct];
  const runs: Struct[] = [];
  for (let from = 0; from < str.length;) {
    const to = wholeCharacters(str, Math.min(from + longest, str.length));
    const before = from === 0 ? origin : createID(id.client, id.clock + from - 1);
    const content = new ContentString(str.slice(from, to));
    runs.push(
      new Item(createID(id.client, id.clock + from), null, before, null, rightOrigin, parent, parentSub, content),
    );
    from = to;
  }
  return runs;
}

/** `end`, or one less where it would part the two halves of one character. */
function wholeCharacters(str: string, end: number): number {
  const code = str.charCodeAt(end - 1);
  return end < str.length && code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

function encodeTyped(structs: readonly Struct[]): Uint8Array {
  const [first] = structs;
  if (!first) throw new RangeError('A piece holds something');
  const encoder = new UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, 1);
  encoding.writeVarUint(encoder.restEncoder, structs.length);
  encoder.writeClient(first.id.client);
  encoding.writeVarUint(encoder.restEncoder, first.id.clock);
  for (const struct of structs) struct.write(encoder, 0);
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}

function deletedPieces(ds: Ranges, bytes: number): Uint8Array[] {
  // A range is two numbers of ten bytes at most.
  const most = Math.max(1, Math.floor(bytes / 20) - 2);
  return [...ds.clients].flatMap(([client, ranges]) =>
    Array.from({ length: Math.ceil(ranges.length / most) }, (_, index) => {
      const some = ranges.slice(index * most, (index + 1) * most);
      const encoder = new UpdateEncoderV1();
      encoding.writeVarUint(encoder.restEncoder, 0);
      encoding.writeVarUint(encoder.restEncoder, 1);
      encoding.writeVarUint(encoder.restEncoder, client);
      encoding.writeVarUint(encoder.restEncoder, some.length);
      for (const { clock, len } of some) {
        encoding.writeVarUint(encoder.restEncoder, clock);
        encoding.writeVarUint(encoder.restEncoder, len);
      }
      return encoder.toUint8Array();
    }),
  );
}
