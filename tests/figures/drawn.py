"""Positions of the texts of a drawn figure."""
from matplotlib.backends.backend_agg import FigureCanvasAgg


def misplaced(figure):
    """Pairs of overlapping texts, and texts that are partly outside the page."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    texts = [text for axes in figure.axes for text in (
        axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label, axes.yaxis.offsetText,
        axes.xaxis.offsetText, *(tick.label1 for axis in (axes.xaxis, axes.yaxis)
                                 for tick in axis._update_ticks() if tick.label1.get_visible()))]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text()]
    boxes += [('legend', legend.get_window_extent(renderer)) for legend in figure.legends]
    overlaps = [(one, other) for i, (one, a) in enumerate(boxes) for other, b in boxes[:i] if a.overlaps(b)]
    outside = [text for text, box in boxes if not ((box.min >= figure.bbox.min - 1).all()
                                                   and (box.max <= figure.bbox.max + 1).all())]
    return overlaps + outside
