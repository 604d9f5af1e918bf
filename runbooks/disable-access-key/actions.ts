import type { Runbook } from '../../lambdas/contain/runbook-host/action';
import { accessKeys, serviceCredentials, signingCertificates, sshKeys } from './actions/credential-kinds';
import { deactivate } from './actions/credentials';
import { deleteLoginProfile } from './actions/delete-login-profile';
import { denyEverything } from './actions/deny-everything';
import { evidence } from './actions/evidence';
import { facts } from './facts';

export const runbook: Runbook = {
  facts,
  actions: [
    denyEverything,
    deactivate(accessKeys),
    deactivate(serviceCredentials),
    deactivate(signingCertificates),
    deactivate(sshKeys),
    deleteLoginProfile,
  ],
  evidence,
};
