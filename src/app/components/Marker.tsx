/** A cloud's mark, as on the plane, for legends and tables. */

import { colourOf, type MarkerStyle, markerPath } from '../charts/marker.ts';

export function Marker(props: { marker: MarkerStyle }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" class="marker" style={colourOf(props.marker)}>
      <path class="sample" d={markerPath(props.marker.shape, 7, 7, 5)} />
    </svg>
  );
}
