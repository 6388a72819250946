/** Runs the forward passes of a roll-out: one session for each shape asked for, kept until released. */

import type { LoadedModel } from './checkpoint.ts';
import type { Forward, ForwardCall, ForwardMemory } from './family.ts';
import { Graph } from './graph/builder.ts';
import type { Tensor } from './graph/ir.ts';
import { type Feeds, GraphSession, HeldTensor, type Runtime } from './runtime/runtime.ts';

export interface ForwardPasses {
  readonly forward: Forward;
  /** The same sessions under other masks. */
  readonly withMasks: (masks: Feeds) => Forward;
  /** Frees the sessions. */
  readonly release: () => Promise<void>;
}

/** The model under `variants` parameter variants (0: deterministic, without masks), whose masks are the same in every pass. */
export function openForward(model: LoadedModel, runtime: Runtime, variants = 0, masks: Feeds = {}): ForwardPasses {
  const sessions = new Map<string, Promise<GraphSession>>();

  const open = ({ batch, outputs, remember = {} }: ForwardCall): Promise<GraphSession> => {
    const graph = new Graph(variants);
    model.architecture.addTo(graph, batch);
    const wanted = new Map<string, Tensor>();
    const held = new Set(Object.keys(remember));
    for (const name of [...outputs, ...held]) {
      const tensor = graph.outputs.get(name) ?? graph.labels.get(name);
      if (!tensor) throw new RangeError(`the graph has no ${name}`);
      wanted.set(name, tensor);
    }
    return GraphSession.create(runtime, graph, model.weights, wanted, held);
  };

  const withMasks =
    (maskFeeds: Feeds): Forward =>
    async (call) => {
      const { memory = new Map(), remember = {} } = call;
      const key = JSON.stringify([call.batch, call.outputs, remember]);
      const session = sessions.get(key) ?? open(call);
      sessions.set(key, session);
      // A failure is not remembered: the next pass may succeed.
      session.catch(() => sessions.delete(key));
      const { values, held } = await (await session).runHolding({ ...remembered(memory), ...call.feeds, ...maskFeeds });
      for (const [output, value] of held) {
        const input = remember[output]!;
        memory.get(input)?.dispose();
        memory.set(input, value);
      }
      return values;
    };

  return {
    forward: withMasks(masks),
    withMasks,
    release: async () => {
      const opened = await Promise.allSettled(sessions.values());
      for (const session of opened) if (session.status === 'fulfilled') await session.value.release();
      sessions.clear();
    },
  };
}

/** What a memory holds, as feeds; only this module puts values into memories. */
function remembered(memory: ForwardMemory): Readonly<Record<string, HeldTensor>> {
  const feeds: Record<string, HeldTensor> = {};
  for (const [name, value] of memory) if (value instanceof HeldTensor) feeds[name] = value;
  return feeds;
}
