/** A device that makes passkeys and signs with them: what a browser sends of one, made here with keys of our own (WebAuthn 3, sections 6 and 7). */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { publicKey, type Assertion, type PublicKey } from '#schema/signature.ts';
import { challengeOf, type Statement } from '#schema/signing.ts';

/** The kinds of key that devices make, and what COSE calls each. */
export const keyKinds = ['ES256', 'EdDSA', 'RS256'] as const;
export type KeyKind = (typeof keyKinds)[number];

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const text = (data: Uint8Array) => Buffer.from(data).toString('base64url');
const number = (value: number, bytes: number) => {
  const written = Buffer.alloc(bytes);
  written.writeUIntBE(value, 0, bytes);
  return written;
};

function pairOf(kind: KeyKind) {
  if (kind === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return kind === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function coseOf(kind: KeyKind, key: KeyObject): Uint8Array {
  const { x = '', y = '', n = '', e = '' } = key.export({ format: 'jwk' }) as Record<string, string>;
  const part = (value: string) => new Uint8Array(Buffer.from(value, 'base64url'));
  const keys: Record<KeyKind, [number, number | Uint8Array][]> = {
    ES256: [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, part(x)],
      [-3, part(y)],
    ],
    EdDSA: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, part(x)],
    ],
    RS256: [
      [1, 3],
      [3, -257],
      [-1, part(n)],
      [-2, part(e)],
    ],
  };
  return isoCBOR.encode(new Map(keys[kind]));
}

export class Device {
  readonly id: string;
  readonly #kind: KeyKind;
  readonly #pair: { publicKey: KeyObject; privateKey: KeyObject };
  #signed = 0;

  constructor(kind: KeyKind = 'ES256', id = randomBytes(20)) {
    this.id = text(id);
    this.#kind = kind;
    this.#pair = pairOf(kind);
  }

  /** As a browser that is driven takes a passkey in (the WebAuthn domain of its protocol). */
  get credential() {
    const privateKey = this.#pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    const credentialId = Buffer.from(this.id, 'base64url').toString('base64');
    return { credentialId, privateKey, rpId: 'localhost', isResidentCredential: false, signCount: this.#signed };
  }

  /** What checks its signatures, as the record keeps it. */
  get key(): PublicKey {
    return publicKey.parse(this.#pair.publicKey.export({ format: 'jwk' }));
  }

  /** What comes of being asked to make a passkey; `key` where a test has it bring another. */
  made(challenge: string, origin: string, { key = coseOf(this.#kind, this.#pair.publicKey) } = {}) {
    const id = Buffer.from(this.id, 'base64url');
    const credential = Buffer.concat([Buffer.alloc(16), number(id.length, 2), id, key]);
    const authData = new Uint8Array(Buffer.concat([this.#said(origin, 0b1000101), credential]));
    const attestationObject = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]) as never,
    );
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(this.#client('webauthn.create', challenge, origin)),
        attestationObject: text(attestationObject),
        transports: ['internal'],
      },
    };
  }

  /**
   * Signs a statement. `proved`: whether the person proved who they are, by PIN, face or finger; `within`: whether they
   * did so in a frame on another site's page.
   */
  sign(statement: Statement, origin: string, { proved = true, within = false } = {}): Assertion {
    this.#signed += 1;
    const client = this.#client('webauthn.get', challengeOf(statement), origin, within);
    const said = this.#said(origin, proved ? 0b101 : 0b001);
    const signature = sign(
      this.#kind === 'EdDSA' ? null : 'sha256',
      Buffer.concat([said, sha256(client)]),
      this.#pair.privateKey,
    );
    return {
      passkey: this.id,
      read: statement.read,
      authenticatorData: text(said),
      clientData: text(client),
      signature: text(signature),
    };
  }

  #client(type: string, challenge: string, origin: string, crossOrigin = false): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }));
  }

  #said(origin: string, flags: number): Buffer {
    return Buffer.concat([sha256(new URL(origin).hostname), Buffer.of(flags), number(this.#signed, 4)]);
  }
}
