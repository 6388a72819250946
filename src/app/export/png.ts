/** An SVG file as a PNG at twice its size, with the manifest in a text chunk. */

import { crc32 } from '../../quotes/bytes/crc32.ts';

const scale = 2;

/**
 * @param svg a whole file (`pictureOf`)
 * @param manifest JSON, kept under the keyword "Manifest"
 */
export async function svgToPng(svg: string, manifest: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gives no canvas to draw on');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob>((resolve, reject) =>
    canvas.toBlob(
      (made) => (made ? resolve(made) : reject(new Error('the picture could not be encoded'))),
      'image/png',
    ),
  );
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return new Blob([withText(bytes, 'Manifest', manifest)], { type: 'image/png' });
}

/** After the signature and the header chunk, which comes first in every PNG. */
const HEADER_END = 8 + 25;

/** The same picture with a text chunk (iTXt, UTF-8, not compressed; PNG specification 11.3.3.4). */
function withText(png: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  // Keyword, then: end of keyword, not compressed, method 0, no language, no translated keyword.
  const data = new Uint8Array([...encoder.encode('iTXt'), ...encoder.encode(keyword), 0, 0, 0, 0, 0]);
  const body = encoder.encode(text);
  const chunk = new Uint8Array(4 + data.length + body.length + 4);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length - 4 + body.length);
  chunk.set(data, 4);
  chunk.set(body, 4 + data.length);
  view.setUint32(chunk.length - 4, crc32(chunk.subarray(4, chunk.length - 4)));
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, HEADER_END));
  whole.set(chunk, HEADER_END);
  whole.set(png.subarray(HEADER_END), HEADER_END + chunk.length);
  return whole;
}
