import type { DataKind } from './criticality';

/**
 * Times that only people can say: when somebody knew for certain, when it was classified as major, when it was found
 * material, which start different clocks and are kept apart; and when everything was seen to work again, which ends
 * the time to recover.
 */
export const MOMENTS = ['awareness', 'classification', 'materiality', 'recovery'] as const;
export type Moment = (typeof MOMENTS)[number];

/** One thing that is due. */
export interface NotificationStep {
  readonly name: string;
  /** The time allowed, in words. */
  readonly within: string;
  /** What it is counted from. */
  readonly from: Moment;
  /** None where the law names no figure. */
  readonly time?: { readonly hours?: number; readonly months?: number; readonly businessDays?: number };
  /** Counted from `from` as well, where that is earlier or `time` cannot be counted yet. */
  readonly atLatest?: { readonly from: Moment; readonly hours: number };
}

/** A law or contract that asks for a notification. Not legal advice: whether it binds you, only you can say. */
export interface NotificationRule {
  readonly id: string;
  readonly law: string;
  /** Where it stands. */
  readonly article: string;
  readonly to: string;
  /** Kinds of data that start it; `any-severe`: every SEV1 and SEV2, whatever data it is about. */
  readonly startedBy: readonly DataKind[] | 'any-severe';
  /** What must be so besides. */
  readonly onlyIf: string;
  readonly steps: readonly NotificationStep[];
}

/**
 * Steps that count from an earlier notification are told as if that were sent at the last moment, and say so: whoever
 * sends it earlier has to be earlier here, too. Where a law gives more time on weekends or holidays (DORA for some
 * entities, the SEC for holidays), the shorter time is told.
 */
export const NOTIFICATION_RULES: readonly NotificationRule[] = [
  {
    id: 'gdpr',
    law: 'GDPR',
    article: 'Regulation (EU) 2016/679 Art. 33 and 34',
    to: 'the data protection authority',
    startedBy: ['personal', 'health', 'payment'],
    onlyIf: 'personal data of people in the EU was affected, unless a risk to them is unlikely',
    steps: [
      { name: 'notification', within: '72 h from awareness', from: 'awareness', time: { hours: 72 } },
      { name: 'the people affected', within: 'without undue delay where the risk is high', from: 'awareness' },
    ],
  },
  {
    id: 'nis2',
    law: 'NIS2',
    article: 'Directive (EU) 2022/2555 Art. 23(4), as your Member State has made it law',
    to: 'the CSIRT or competent authority',
    startedBy: 'any-severe',
    onlyIf: 'you are an essential or important entity and the incident is significant',
    steps: [
      { name: 'early warning', within: '24 h from awareness', from: 'awareness', time: { hours: 24 } },
      {
        name: 'notification',
        within: '72 h from awareness; trust service providers 24 h',
        from: 'awareness',
        time: { hours: 72 },
      },
      {
        name: 'final report',
        within: '1 month after the notification is sent: earlier where that is',
        from: 'awareness',
        time: { hours: 72, months: 1 },
      },
    ],
  },
  {
    id: 'dora',
    law: 'DORA',
    article: 'Regulation (EU) 2022/2554 Art. 19 with Delegated Regulation (EU) 2025/301 Art. 5',
    to: 'the financial supervisor',
    startedBy: ['financial', 'payment'],
    onlyIf: 'you are a financial entity and the incident is classified as major',
    steps: [
      {
        name: 'initial notification',
        within: '4 h from classification, 24 h from awareness at the latest',
        from: 'classification',
        time: { hours: 4 },
        atLatest: { from: 'awareness', hours: 24 },
      },
      {
        name: 'intermediate report',
        within: '72 h after the initial notification is sent: earlier where that is',
        from: 'classification',
        time: { hours: 4 + 72 },
        atLatest: { from: 'awareness', hours: 24 + 72 },
      },
      {
        name: 'final report',
        within: '1 month after the intermediate report, or its last update, is sent: earlier where that is',
        from: 'classification',
        time: { hours: 4 + 72, months: 1 },
      },
    ],
  },
  {
    id: 'sec',
    law: 'SEC Form 8-K',
    article: 'Item 1.05',
    to: 'the SEC and investors',
    startedBy: 'any-severe',
    onlyIf: 'you are listed in the US and the incident is material',
    steps: [
      {
        name: 'Item 1.05',
        within: '4 business days from materiality; later where a public holiday lies between',
        from: 'materiality',
        time: { businessDays: 4 },
      },
    ],
  },
  {
    id: 'hipaa',
    law: 'HIPAA',
    article: '45 CFR 164.404, 164.406 and 164.408',
    to: 'the people affected and HHS',
    startedBy: ['health'],
    onlyIf: 'unsecured protected health information was affected',
    steps: [
      {
        name: 'the people affected',
        within: '60 days from awareness at the latest, without unreasonable delay',
        from: 'awareness',
        time: { hours: 60 * 24 },
      },
      {
        name: 'HHS, and the media where more than 500 people of a State are affected',
        within: 'with them; HHS within 60 days after the end of the year where fewer than 500 are affected',
        from: 'awareness',
        time: { hours: 60 * 24 },
      },
    ],
  },
  {
    id: 'pci',
    law: 'PCI DSS',
    article: 'requirement 12.10, and the rules of the card brands, which differ: ask your bank',
    to: 'the acquiring bank and the card brands',
    startedBy: ['payment'],
    onlyIf: 'card data may have been affected',
    steps: [{ name: 'notification', within: 'at once', from: 'awareness', time: { hours: 0 } }],
  },
];
