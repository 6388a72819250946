/** Puts the page into the document. */

import '../../workers/guard.ts';
import { render } from 'solid-js/web';
import { App } from './App.tsx';
import { prepareOffline } from './engine/offline.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/components.css';
import './styles/charts.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no element #app');
render(() => <App />, root);
void prepareOffline();
