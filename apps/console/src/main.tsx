import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/charts/styles.css';
import '@mantine/notifications/styles.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { Console } from './console.js';

const root = document.getElementById('root');
if (root) createRoot(root).render(<Console />);
