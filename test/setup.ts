// The CDK's own template validation costs 1.6 s a process; `npm run check` has one test that turns it on.
process.env.CDK_VALIDATION ??= 'false';
