/** What can be given up takes a signal. */
export interface SignalOption {
  signal?: AbortSignal;
}

/** @internal Settles like `promise`, or fails with the signal's reason once that is aborted. */
export async function unlessAborted<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  signal?.throwIfAborted();
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal?.reason)));
  signal?.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted]);
  } catch (error) {
    // Aborting may also be what `promise` failed from.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
