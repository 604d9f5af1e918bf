/** What happens with what an actor created or changed before it was contained. */
export enum SweepMode {
  /** It is looked for, and listed in the incident. */
  LIST = 'list',
  /**
   * It is listed, and handed to the runbooks of the stack that contain such things: in the mode and with the approval of
   * the containment of the actor, within the guard rails and their limit.
   */
  CONTAIN = 'contain',
  /** It is not looked for. */
  OFF = 'off',
}
