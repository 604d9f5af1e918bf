import { test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { sampleApp, sampleStack } from '../../stack/sample-stack';

test('GIVEN a containment that was read back THEN its sweep gets ids alone: no text that an attacker wrote', () => {
  const InputTransformer = {
    InputPathsMap: {
      'detail-containmentId': '$.detail.containmentId',
      'detail-incidentId': '$.detail.incidentId',
      'detail-sequence': '$.detail.sequence',
    },
    InputTemplate:
      '{"schemaVersion":1,"containmentId":<detail-containmentId>,"incidentId":<detail-incidentId>,"sequence":<detail-sequence>}',
  };
  Template.fromStack(sampleStack(sampleApp()).stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: ['firebreak'], 'detail-type': ['Containment Verified'] },
    Targets: [Match.objectLike({ InputTransformer })],
  });
});
