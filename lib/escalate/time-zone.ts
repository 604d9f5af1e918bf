/** What is wrong with a time zone's name, for the one who wrote it; nothing where it is one. */
export function checkTimeZone(timeZone: string): string[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    // Offsets pass as well, and know no summer time.
    return /^[+-]/.test(timeZone) ? [`'timeZone' must be a place, such as Europe/Berlin, got '${timeZone}'`] : [];
  } catch (error) {
    if (error instanceof RangeError) {
      return [`'timeZone' must be an IANA name, such as Europe/Berlin, got '${timeZone}'`];
    }
    throw error;
  }
}
