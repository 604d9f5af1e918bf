export const CLOUDTRAIL_DETAIL_TYPES = ['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail'];

/** Where the `aws` partition keeps the events of services that have no Regions. */
export const GLOBAL_REGION = 'us-east-1';

/** Of an alarm that changes its state. */
export const ALARM_DETAIL_TYPE = 'CloudWatch Alarm State Change';
