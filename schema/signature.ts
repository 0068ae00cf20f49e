/** A signature: what a person's passkey made of an act, with the key that checks it. Nobody but they can make another. */
import { z } from 'zod';

/** Bytes in base64url, as browsers write them. */
const bytes = (most: number) =>
  z
    .string()
    .regex(/^[\w-]+$/)
    .max(most);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A public key as RFC 7517 writes it: the kinds that browsers make passkeys of, and none so weak that others could sign. */
export const publicKey = z.union([
  z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes(64), y: bytes(64) }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes(64) }),
  z.object({ kty: z.literal('RSA'), n: bytes(2048).min(342), e: z.literal('AQAB') }),
]);
export type PublicKey = z.infer<typeof publicKey>;

/** An entry named so that no other can take its place. */
const entryNamed = z.strictObject({ seq: z.int().positive(), hash });

/** What comes with a command that was signed: WebAuthn's own three parts, and how far the signer had read. */
export const assertion = z.strictObject({
  /** The passkey's id, as its device gave it: up to 1,023 bytes. */
  passkey: bytes(1364),
  /** The last entry the signer had before them: the signature vouches for it and so for all before it. */
  read: entryNamed,
  authenticatorData: bytes(4096),
  clientData: bytes(4096),
  signature: bytes(2048),
});
export type Assertion = z.infer<typeof assertion>;

/** What stands in the record: whoever checks it needs nothing else. */
export type Signature = Assertion & {
  key: PublicKey;
  /** What its owner calls the passkey. */
  label: string;
  /** When it was added, and by which entry of the partnership's own record. */
  added: string;
  enrolled: { seq: number; hash: string };
};

/** An event of an act that may have been signed. */
export type Signed<Event> = Event & { signature?: Signature | undefined };
