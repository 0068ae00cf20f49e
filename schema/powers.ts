/** What the service lets each role do: asked of the rules themselves, so that the charter cannot promise more or less. */
import {
  coverable,
  mayAdminister,
  mayDecide,
  mayGivePosition,
  mayLead,
  mayLeadLearning,
  seesEveryCase,
  serviceClock,
  type Actor,
} from './actor.ts';
import { agencyKinds, statutoryKinds, type AgencyKind, type PersonRole } from './agency.ts';
import { capabilityOf, includes, mayOpenCase } from './case.ts';
import { mayLetIn } from './colleague.ts';
import { mayCorrectRaised } from './correction.ts';
import { mayDissent } from './dissent.ts';
import { mayAnswerElements } from './elements.ts';
import { isLeadPartner } from './lead-view.ts';
import { isLegalClient } from './legal-advice.ts';
import { mayNotify } from './notification.ts';
import { mayAskOutsideAdvice } from './outside-advice.ts';
import { mayCorrespond } from './panel.ts';
import { mayOpenPositions } from './position.ts';
import { mayLeadReview } from './practice-review.ts';
import { mayHoldPrivateSession } from './private-session.ts';
import { mayAsk } from './question.ts';
import { mayGiveReturn } from './rapid-review.ts';
import { mayAskForRationale } from './rationale.ts';
import { mayReopen } from './reopen.ts';
import { mayAskForResolution } from './resolution.ts';
import { mayLogScreening, maySampleScreening } from './screening.ts';

/** Each in words that go on from "may", with the rule that every act of its kind asks. On a case they are on, where it is one's. */
export const powers = {
  raise: { what: 'raise a case', has: mayOpenCase },
  write: { what: 'write in the common notes', has: (by) => includes(capabilityOf(by), 'write') },
  elements: { what: 'say for their agency what is so of each element', has: mayAnswerElements },
  letIn: { what: 'let colleagues of their own agency into a case', has: mayLetIn },
  ask: { what: 'ask an agency a question', has: mayAsk },
  position: { what: 'give their agency’s position, and sign a rapid review for it', has: mayGivePosition },
  dissent: { what: 'record that their agency disagrees', has: mayDissent },
  resolution: { what: 'ask for resolution', has: mayAskForResolution },
  lead: { what: 'lead resolution, and call and lead its sessions', has: mayLead },
  open: { what: 'open positions before all of them are in', has: mayOpenPositions },
  private: { what: 'take a discussion into private session', has: mayHoldPrivateSession },
  view: { what: 'give a lead partner’s view', has: isLeadPartner },
  decide: { what: 'decide whether to notify, sign it and answer disagreement', has: mayDecide },
  notify: { what: 'record that the notification was sent', has: mayNotify },
  reasons: { what: 'ask the local authority for its reasons', has: mayAskForRationale },
  reopen: { what: 'reopen a decided case on new information', has: mayReopen },
  correct: {
    what: 'correct how somebody else raised a case',
    has: (by) => mayCorrectRaised(by, { openedBy: serviceClock }),
  },
  outside: { what: 'ask for advice outside the partnership', has: mayAskOutsideAdvice },
  legal: { what: 'take part in their agency’s legal advice', has: (by) => isLegalClient(by) },
  return: {
    what: 'give their agency’s account to a rapid review',
    has: (by) => mayGiveReturn(by, { asked: [by.agency] }),
  },
  panel: { what: 'write to the Panel, and record what it writes', has: mayCorrespond },
  review: { what: 'run a local practice review', has: mayLeadReview },
  learning: { what: 'lead learning, in the review and advisory group', has: mayLeadLearning },
  log: { what: 'log cases that their agency considered and did not present', has: mayLogScreening },
  sample: { what: 'sample the screening log of every agency', has: maySampleScreening },
  register: { what: 'see every case in the register', has: seesEveryCase },
  administer: { what: 'change what the partnership has agreed, and who serves in it', has: mayAdminister },
} satisfies Record<string, { what: string; has: (by: Actor) => boolean }>;
export type Power = keyof typeof powers;

const agencies = agencyKinds.filter((kind) => kind !== 'partnership');
/** The kinds of agency in which somebody serves in the role. */
export const servesIn: Record<PersonRole, readonly AgencyKind[]> = {
  'position-holder': agencies,
  contributor: agencies,
  'decision-maker': ['local-authority'],
  chair: ['partnership'],
  'partner-chair': statutoryKinds,
  'lead-partner': statutoryKinds,
  'legal-adviser': agencies,
  'business-unit': ['partnership'],
};

export type RolePowers = {
  /** `only` names the kinds of agency where some that the role serves in have it and others not. */
  may: { power: Power; what: string; only: AgencyKind[] | null }[];
  mayNot: { power: Power; what: string }[];
  /** Whether a deputy may act in it. */
  coverable: boolean;
};

/** What the role by itself lets somebody do. Whoever holds two may do what either may. */
export function powersOf(role: PersonRole): RolePowers {
  const serving = (kind: AgencyKind): Actor => ({ person: '', name: '', agency: { id: '', kind, name: '' }, role });
  const all = (Object.keys(powers) as Power[]).map((power) => {
    const { what, has } = powers[power];
    return { power, what, where: servesIn[role].filter((kind) => has(serving(kind))) };
  });
  return {
    may: all
      .filter(({ where }) => where.length > 0)
      .map(({ power, what, where }) => ({ power, what, only: where.length < servesIn[role].length ? where : null })),
    mayNot: all.filter(({ where }) => where.length === 0).map(({ power, what }) => ({ power, what })),
    coverable: coverable.some((each) => each === role),
  };
}
