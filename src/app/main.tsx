/** Puts the page into the document. */

import '../../workers/link/guard.ts';
import { render } from 'solid-js/web';
import { prepareOffline } from '../../workers/offline/client.ts';
import { App } from './App.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/charts.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app');
// A note of what could not be loaded (index.html) is no longer true.
root.replaceChildren();
render(() => <App />, root);
void prepareOffline();
