/** Asks for a graphics adapter, and does not wait for a driver that never answers. */

/** A driver that starts up takes a second or two. */
const ADAPTER_LIMIT_MS = 8_000;

/** An adapter, or why there is none. @param gpu default: this browser's */
export async function askForAdapter(
  gpu: Pick<GPU, 'requestAdapter'> | undefined = navigator.gpu,
  limitMs = ADAPTER_LIMIT_MS,
): Promise<GPUAdapter | string> {
  if (!gpu) return 'this browser has no WebGPU';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    const seconds = Math.round(limitMs / 1000);
    timer = setTimeout(() => resolve(`the graphics driver did not answer for ${seconds} s`), limitMs);
  });
  try {
    const asked = gpu.requestAdapter({ powerPreference: 'high-performance' });
    return (await Promise.race([asked, late])) ?? 'this device offers no WebGPU adapter';
  } catch {
    return 'this device offers no WebGPU adapter';
  } finally {
    clearTimeout(timer);
  }
}
