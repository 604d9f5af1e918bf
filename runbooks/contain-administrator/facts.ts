import type { RunbookFacts } from '../../lib/model/runbook-facts';
import { facts as disableAccessKey } from '../disable-access-key/facts';
import { facts as revokeRoleSessions } from '../revoke-role-sessions/facts';

const [user, role] = [disableAccessKey.permissions, revokeRoleSessions.permissions];

export const facts: RunbookFacts = {
  id: 'contain-administrator',
  title: 'Contain an administrator',
  summary:
    'Takes every permission and every credential from an IAM user who was made administrator, and from the user who made it; where a role made it, revokes the sessions of that role. Nobody is deleted.',
  target: 'user',
  attack: ['T1136.003', 'T1098.003', 'T1098.001', 'T1078.004'],
  evidence: 'after',
  actions: [
    ...disableAccessKey.actions.map((action) =>
      action.id === 'deny-everything'
        ? {
            ...action,
            touches: [
              'inline policy FirebreakQuarantine-<containment>, else the quarantine managed policy, else the permissions boundary',
            ],
          }
        : action,
    ),
    {
      id: 'contain-makers',
      title: 'Contain who made it an administrator',
      release: 'manual',
      touches: ['the same of each user who made it', 'inline policy of each role whose session made it'],
      task: 'Find who made it (aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=<user>; userIdentity of CreateUser, AttachUserPolicy, PutUserPolicy, AddUserToGroup), contain a user with disable-access-key and a role with revoke-role-sessions, and give both new credentials when it is over.',
    },
  ],
  permissions: {
    guardRails: user.guardRails,
    read: [
      ...user.read,
      ...role.read,
      { actions: ['cloudtrail:LookupEvents'], resources: ['*'], why: 'LookupEvents knows no resource' },
    ],
    evidence: user.evidence,
    contain: [...user.contain, ...role.contain],
    release: [...user.release, ...role.release],
  },
  limits: [
    'CloudTrail shows an event some minutes after it happened: where no alert names who made the administrator and CloudTrail does not show it yet, people are paged to find out.',
    'Who made it is looked for in the last 24 hours, in the newest 200 events that name the administrator; where there are more, people are paged to look at the older ones. At most three principals are contained with one administrator; the others are named to people.',
    'Automation that makes users by right is contained like an attacker: protect its role by a guard rail, and it is named to people instead.',
    'Root is bound by no policy of its account: it is refused, with the steps for people.',
    'What the administrator made in the meantime is not contained by this: the sweep that follows lists it in the incident.',
    'It shares the attached quarantine policy with disable-access-key: where both hold one user whose inline policies have no room, releasing the first of the two takes the deny of both away; contain again.',
    ...disableAccessKey.limits,
  ],
};
