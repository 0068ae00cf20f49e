/** A partnership: its agencies, people and whom to ring. What a set-up file holds. */
import { z } from 'zod';
import { agencyKind, personRole } from './agency.ts';
import { shortText, text } from './fields.ts';

export const contact = z.strictObject({
  name: text('Enter who to contact', shortText),
  phone: text('Enter a telephone number', 40),
  email: z.email('Enter an email address, like name@example.org'),
});
export type Contact = z.infer<typeof contact>;

export const partnershipSetUp = z.strictObject({
  name: text('Enter the name of the partnership', shortText),
  contact,
  agencies: z
    .array(z.strictObject({ kind: agencyKind, name: text("Enter the agency's name", 80) }))
    .min(1, 'Enter at least one agency'),
  people: z
    .array(
      z.strictObject({
        name: text("Enter the person's name", shortText),
        email: z.email('Enter an email address, like name@example.org'),
        agency: text('Enter the name of their agency', 80),
        role: personRole,
      }),
    )
    .min(1, 'Enter at least one person'),
});
export type PartnershipSetUp = z.infer<typeof partnershipSetUp>;
