import type { Command } from './generated/Command';
import type { Done } from './generated/Done';
import { refusal, type RefusedError } from './transport/contract';
import { act, actAs } from './transport/transport';

/**
 * The acts of one screen. What goes wrong stays on the screen, with what is kept and what to do. When nobody is
 * chosen as the recording person, the tap is kept, the person is asked for once, and the tap goes on by itself.
 */
export class Acting {
  problem = $state.raw<RefusedError | null>(null);
  busy = $state(false);
  /** Set while a person must be chosen for the tap that waits. */
  asking = $state.raw<(() => void) | null>(null);

  /** `already` is for a screen that can say who or what was faster than this tap: nothing has gone wrong then. */
  do(command: Command, then?: (done: Done) => void, already?: () => void): Promise<Done | null> {
    return this.#run(
      () => act(command),
      then,
      () => void this.do(command, then, already),
      already,
    );
  }

  /** With somebody's PIN; resolves to the refusal, so that the pad can say it. */
  async doAs(command: Command, person: string | null, pin: string): Promise<Done | RefusedError> {
    try {
      this.problem = null;
      return await actAs(command, person, pin);
    } catch (thrown) {
      return refusal(thrown);
    }
  }

  async #run(
    go: () => Promise<Done>,
    then?: (done: Done) => void,
    again?: () => void,
    already?: () => void,
  ): Promise<Done | null> {
    this.busy = true;
    try {
      this.problem = null;
      const done = await go();
      then?.(done);
      return done;
    } catch (thrown) {
      const problem = refusal(thrown);
      if (problem.code === 'who_is_there' && again) this.asking = again;
      else if (problem.code === 'already_done' && already) already();
      else this.problem = problem;
      return null;
    } finally {
      this.busy = false;
    }
  }
}
