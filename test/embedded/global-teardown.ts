/** Ends what global setup began. Were this not called, the emulators would end with jest's own process. */
export default async function globalTeardown(): Promise<void> {
  await Promise.all((globalThis.firebreakTestAws ?? []).map((aws) => aws.stop()));
}
