import { bad, type Check, ok } from './check';

export const stackStatus: Check = {
  name: 'stack',
  look({ stack }) {
    const good = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(stack.status);
    return Promise.resolve(
      good
        ? ok(`${stack.name} is ${stack.status}`)
        : bad(`${stack.name} is ${stack.status}`, 'look at its events in CloudFormation, and deploy again'),
    );
  },
};
