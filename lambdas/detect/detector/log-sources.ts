import { isJsonObject } from '../../../lib/model/json';
import type { Logsource } from '../../../lib/sigma/compiled-rules';

/** What lies in a log group, as the construct says. */
export interface LogSourceSetting extends Logsource {
  readonly logGroup: string;
  readonly source: 'cloudtrail' | 'application';
}

export const CLOUDTRAIL: Logsource = { product: 'aws', service: 'cloudtrail' };
export const GUARDDUTY: Logsource = { product: 'aws', service: 'guardduty' };
export const APPLICATION: Logsource = { product: 'application' };

/** `LOG_SOURCES`: a JSON list. Throws where it is something else. */
export function parseLogSources(text: string): LogSourceSetting[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error(`LOG_SOURCES must be a JSON list, got ${text.slice(0, 100)}`);
  return parsed.map((item: unknown) => {
    if (
      !isJsonObject(item) ||
      typeof item.logGroup !== 'string' ||
      (item.source !== 'cloudtrail' && item.source !== 'application')
    ) {
      throw new Error(`LOG_SOURCES holds {logGroup, source: cloudtrail|application}, got ${JSON.stringify(item)}`);
    }
    const part = (name: string): string | undefined => {
      const value = item[name];
      return typeof value === 'string' ? value : undefined;
    };
    return {
      logGroup: item.logGroup,
      source: item.source,
      product: part('product'),
      category: part('category'),
      service: part('service'),
    };
  });
}

/** What rules see as the log source of an event from this log group. */
export function logsourceOf(setting: LogSourceSetting | undefined): Logsource {
  if (setting?.source === 'cloudtrail') return CLOUDTRAIL;
  const { product, category, service } = setting ?? {};
  return {
    ...APPLICATION,
    ...(product !== undefined && { product }),
    ...(category !== undefined && { category }),
    ...(service !== undefined && { service }),
  };
}
