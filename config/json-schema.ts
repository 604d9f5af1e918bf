import { z } from 'zod';
import { configuration } from './schema';

/** The JSON schema of `firebreak.yaml`, for editors: `# yaml-language-server: $schema=…`. */
export function schemaText(): string {
  const schema = z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
