/** Lets a worker hear messages (cancel, above all) between two pieces of a long computation. */

/** Ports with a message under way: an engine may collect ports that nothing refers to, and the message with them. */
const waiting = new Set<MessagePort>();

/** Resolves in a later task of the event loop, without the 4 ms that nested timers are held back. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    waiting.add(port1).add(port2);
    port1.onmessage = () => {
      waiting.delete(port1);
      waiting.delete(port2);
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
