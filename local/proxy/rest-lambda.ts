import { findOperation, type RestOperation } from './rest';

/** Method, path and name of Lambda's operations; `:x` is a name in the path. First match wins. */
const OPERATIONS: readonly RestOperation[] = [
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/invocations$/, 'Invoke'],
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/invoke-async\/?$/, 'InvokeAsync'],
  ['POST', /^\/functions\/?$/, 'CreateFunction'],
  ['GET', /^\/functions\/?$/, 'ListFunctions'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)$/, 'GetFunction'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)$/, 'DeleteFunction'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/configuration$/, 'GetFunctionConfiguration'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/configuration$/, 'UpdateFunctionConfiguration'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/code$/, 'UpdateFunctionCode'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/concurrency$/, 'GetFunctionConcurrency'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/concurrency$/, 'PutFunctionConcurrency'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/concurrency$/, 'DeleteFunctionConcurrency'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/policy$/, 'GetPolicy'],
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/policy$/, 'AddPermission'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/policy\/(?<StatementId>[^/]+)$/, 'RemovePermission'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/url$/, 'GetFunctionUrlConfig'],
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/url$/, 'CreateFunctionUrlConfig'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/url$/, 'UpdateFunctionUrlConfig'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/url$/, 'DeleteFunctionUrlConfig'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/urls$/, 'ListFunctionUrlConfigs'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/provisioned-concurrency\?List$/, 'ListProvisionedConcurrencyConfigs'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/provisioned-concurrency$/, 'GetProvisionedConcurrencyConfig'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/provisioned-concurrency$/, 'PutProvisionedConcurrencyConfig'],
  ['DELETE', /^\/functions\/(?<FunctionName>[^/]+)\/provisioned-concurrency$/, 'DeleteProvisionedConcurrencyConfig'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/event-invoke-config\/list$/, 'ListFunctionEventInvokeConfigs'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/event-invoke-config$/, 'GetFunctionEventInvokeConfig'],
  ['PUT', /^\/functions\/(?<FunctionName>[^/]+)\/event-invoke-config$/, 'PutFunctionEventInvokeConfig'],
  ['POST', /^\/functions\/(?<FunctionName>[^/]+)\/versions$/, 'PublishVersion'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/versions$/, 'ListVersionsByFunction'],
  ['GET', /^\/functions\/(?<FunctionName>[^/]+)\/aliases$/, 'ListAliases'],
  ['GET', /^\/event-source-mappings\/?$/, 'ListEventSourceMappings'],
  ['POST', /^\/event-source-mappings\/?$/, 'CreateEventSourceMapping'],
  ['GET', /^\/event-source-mappings\/(?<UUID>[^/]+)$/, 'GetEventSourceMapping'],
  ['PUT', /^\/event-source-mappings\/(?<UUID>[^/]+)$/, 'UpdateEventSourceMapping'],
  ['DELETE', /^\/event-source-mappings\/(?<UUID>[^/]+)$/, 'DeleteEventSourceMapping'],
  ['GET', /^\/tags\/(?<ResourceArn>.+)$/, 'ListTags'],
  ['POST', /^\/tags\/(?<ResourceArn>.+)$/, 'TagResource'],
  ['DELETE', /^\/tags\/(?<ResourceArn>.+)$/, 'UntagResource'],
];

/** `List=ALL` in the query makes another operation of the same path. */
export function lambdaOperation(method: string, { pathname, searchParams }: Pick<URL, 'pathname' | 'searchParams'>) {
  // Each group of operations has its own API date.
  const tail = pathname.replace(/^\/\d{4}-\d{2}-\d{2}/, '') + (searchParams.has('List') ? '?List' : '');
  return findOperation(OPERATIONS, method, tail);
}
