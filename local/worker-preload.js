// Loaded into every Lambda worker of the embedded AWS (NODE_OPTIONS=--require). It adds the function's name and the
// worker's process id to what the AWS SDK says about itself, so that the recording proxy knows who calls, and a
// drill can kill exactly that worker in the middle of a call. AWS itself sets this variable in Lambda, too.
if (process.env.AWS_LAMBDA_FUNCTION_NAME) {
  process.env.AWS_EXECUTION_ENV = `AWS_Lambda_nodejs~${process.env.AWS_LAMBDA_FUNCTION_NAME}~${process.pid}`;
}
