/** Passkeys of whoever is signed in: added and removed, and asked by this browser to sign what they record. */
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { newId, type CommandId } from '#schema/id.ts';
import type { Assertion } from '#schema/signature.ts';
import { challengeOf, type Statement } from '#schema/signing.ts';
import { api, ask, isRefused, isWrong, type Answer } from './service.ts';

/** As the route takes it: whatever a browser says, of which the service proves what it needs. */
type Registration = Parameters<typeof api.passkeys.$post>[0]['json']['response'];

/** Milliseconds in which a person takes out their key or phone. */
const patience = 120_000;

/** Why this page can use no passkey: the browser has none, or makes them only where the address is a name and begins with https. Null where it can. */
export function whyNoPasskeys(): 'browser' | 'address' | null {
  if (!isSecureContext || /^[\d.]+$|^\[/.test(location.hostname)) return 'address';
  return browserSupportsWebAuthn() ? null : 'browser';
}

/** Makes a passkey on a device and adds it. Refused where the device has one of theirs already, or did not go on, or they did not. */
export async function addPasskey(
  { label, password }: { label: string; password: string },
  id: CommandId,
): Promise<Answer<{ firstSeq: number }>> {
  const options = await ask(api.passkeys.options.$post({ json: {} }));
  if (isRefused(options) || isWrong(options)) return options;
  // What comes as JSON leaves out what is undefined, which its type does not say.
  const optionsJSON = options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'];
  const response = await startRegistration({ optionsJSON }).catch((error: unknown) => error);
  if (!isMade(response)) {
    const known = response instanceof WebAuthnError && response.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
    return { refused: known ? 'PasskeyKnown' : 'PasskeyNotMade', facts: {} };
  }
  return ask(api.passkeys.$post({ json: { id, label, password, response: response as unknown as Registration } }));
}

type Response = Awaited<ReturnType<typeof startRegistration>>;
const isMade = (response: unknown): response is Response =>
  typeof response === 'object' && response !== null && 'rawId' in response;

export const removePasskey = (passkey: string) => ask(api.passkeys.remove.$post({ json: { id: newId(), passkey } }));

/** Has one of these passkeys sign; null where the person or their device did not. */
export async function signWith(passkeys: readonly string[], statement: Statement): Promise<Assertion | null> {
  const allowCredentials = passkeys.map((id) => ({ id, type: 'public-key' as const }));
  const challenge = challengeOf(statement);
  const optionsJSON = { challenge, allowCredentials, userVerification: 'required' as const, timeout: patience };
  const signed = await startAuthentication({ optionsJSON }).catch(() => null);
  if (!signed) return null;
  const { authenticatorData, clientDataJSON: clientData, signature } = signed.response;
  return { passkey: signed.id, read: statement.read, authenticatorData, clientData, signature };
}
