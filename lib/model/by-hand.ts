interface Steps {
  readonly what: RegExp;
  readonly steps: string;
}

/** What people can do where Firebreak cannot, as sentences that can be followed at three in the morning. */
const BY_HAND: readonly Steps[] = [
  {
    what: /:role\/(?:aws-reserved\/.*|AWSReservedSSO_[^/]*)$/,
    steps:
      "IAM refuses to edit it. In the management account take the person's assignment away (aws sso-admin delete-account-assignment), end the person's sessions in the Identity Center console (Users, Active sessions), and deny what still runs by an SCP on aws:TokenIssueTime; the page of revoke-role-sessions has the commands",
  },
  {
    what: /:role\/aws-service-role\//,
    steps:
      'IAM refuses to edit it, and only its AWS service can use it: find in CloudTrail who called that service (userIdentity beside invokedBy), and contain that principal',
  },
  {
    what: /^arn:aws[a-z-]*:iam::\d{12}:root$/,
    steps:
      'no policy of its own account binds it. Member account: from the management account deny it by an SCP, then aws sts assume-root with the task policy IAMDeleteRootUserCredentials, and delete password, keys and MFA devices. Management account: only somebody who can sign in as root can change the password, delete its access keys and enrol MFA anew; call AWS Support. The page of contain-administrator has the steps',
  },
];

/** `: ` and the steps for something that no runbook contains; empty where there are none of its own. */
export function stepsForPeople(arn: string): string {
  const found = BY_HAND.find(({ what }) => what.test(arn));
  return found === undefined ? '' : `: ${found.steps}`;
}
