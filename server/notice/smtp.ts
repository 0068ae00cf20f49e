/** Mail by SMTP. */
import { createTransport } from 'nodemailer';
import type { Carrier } from './carrier.ts';

type Options = {
  /** `smtps://user:password@host:465`. */
  url: string;
  /** Whom it comes from: `Candour <candour@example.org>`. */
  from: string;
  /** Milliseconds; only a test gives fewer. */
  patience?: number;
};

/** Milliseconds without a word from the server before it is given up: all of it together is shorter than a claim of the post's. */
const longestSilence = 30_000;

/**
 * Hands mail to an SMTP server. A refusal for good (5yz, RFC 5321 section 4.2.1) of the recipient or the
 * message is a bounce; one of the login or the sender is about how this service is set up; anything else,
 * an answer 4yz or no answer, is tried again. The Message-ID is made from the mail's own id, so
 * that a server that is handed it twice, because we never heard its first answer, can tell.
 */
export function createSmtpCarrier({ url, from, patience = longestSilence }: Options): Carrier {
  const transport = createTransport({
    url,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  });
  const host = /@([\w.-]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return {
    async send({ id, to, subject, body }) {
      try {
        await transport.sendMail({ from, to, subject, text: body, messageId: `<${id}@${host}>` });
        return { state: 'sent', as: null };
      } catch (error) {
        const failed = error as Failed;
        return { state: meaningOf(failed), problem: failed.message };
      }
    },
    close: () => transport.close(),
  };
}

/** As nodemailer says it: `command` is the step that failed, `code` its own word for what did. */
type Failed = { message: string; code?: string; command?: string; responseCode?: number };

function meaningOf({ code, command = '', responseCode }: Failed): 'again' | 'bounced' | 'held-up' {
  const isForGood = responseCode === undefined ? code === 'EAUTH' : responseCode >= 500;
  if (!isForGood) return 'again';
  return command === 'RCPT TO' || command === 'DATA' ? 'bounced' : 'held-up';
}
