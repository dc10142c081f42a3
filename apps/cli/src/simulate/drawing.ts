import type { Plot } from '@status-stack/simulator/presets'
import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

const size = { width: 760, height: 460 }

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A plot as a picture: one SVG document, the same for the same numbers. */
export function drawing({ title, x, y, isLogarithmic = false, series }: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  const axis = { type: isLogarithmic ? ('log' as const) : ('value' as const), nameLocation: 'middle' as const }
  try {
    chart.setOption({
      animation: false,
      title: { text: title, left: 'center' },
      legend: { bottom: 0 },
      grid: { left: 90, right: 30, top: 50, bottom: 90 },
      xAxis: { ...axis, name: x, nameGap: 28 },
      yAxis: { ...axis, name: y, nameGap: 68 },
      series: series.map(({ name, points }) => ({ type: 'line', name, data: points.map(point => [...point]) }))
    })
    // Its first child is what screen readers and browsers call it.
    return `${chart.renderToSVGString().replace('>', () => `><title>${escaped(title)}</title>`)}\n`
  } finally {
    chart.dispose()
  }
}
